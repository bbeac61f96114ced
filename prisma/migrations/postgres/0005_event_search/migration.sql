-- CreateTable
CREATE TABLE "EventSegment" (
    "number" INTEGER NOT NULL,
    "events" INTEGER NOT NULL,

    CONSTRAINT "EventSegment_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "EventTerm" (
    "segment" INTEGER NOT NULL,
    "bucket" INTEGER NOT NULL,
    "postings" BYTEA NOT NULL,

    CONSTRAINT "EventTerm_pkey" PRIMARY KEY ("segment","bucket")
);

-- CreateTable
CREATE TABLE "NestedEvent" (
    "cursor" BIGINT NOT NULL,

    CONSTRAINT "NestedEvent_pkey" PRIMARY KEY ("cursor")
);

-- CreateIndex
CREATE INDEX "Workspace_createdAt_idx" ON "Workspace"("createdAt");

-- CreateIndex
CREATE INDEX "Workspace_createdBy_idx" ON "Workspace"("createdBy");

-- Events that lists leave out have a row of their own from now on.
INSERT INTO "NestedEvent" ("cursor")
SELECT "cursor" FROM "Event" WHERE "source" ->> 'appInstanceFullSlug' LIKE '%.%';
