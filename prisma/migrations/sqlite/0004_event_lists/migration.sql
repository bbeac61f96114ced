-- CreateIndex
CREATE INDEX "Event_createdAt_cursor_idx" ON "Event"("createdAt", "cursor");

-- CreateIndex
CREATE INDEX "Event_type_cursor_idx" ON "Event"("type", "cursor");
