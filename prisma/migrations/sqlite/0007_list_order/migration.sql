-- DropIndex
DROP INDEX "Workspace_createdAt_idx";

-- DropIndex
DROP INDEX "Workspace_updatedAt_idx";

-- DropIndex
DROP INDEX "Workspace_name_idx";

-- DropIndex
DROP INDEX "WorkspaceLabel_label_idx";

-- CreateIndex
CREATE INDEX "Workspace_createdAt_id_idx" ON "Workspace"("createdAt", "id");

-- CreateIndex
CREATE INDEX "Workspace_updatedAt_id_idx" ON "Workspace"("updatedAt", "id");

-- CreateIndex
CREATE INDEX "Workspace_name_id_idx" ON "Workspace"("name", "id");

-- CreateIndex
CREATE INDEX "WorkspaceLabel_label_workspaceId_idx" ON "WorkspaceLabel"("label", "workspaceId");
