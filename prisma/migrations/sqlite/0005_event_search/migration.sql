-- CreateTable
CREATE TABLE "EventSegment" (
    "number" INTEGER NOT NULL PRIMARY KEY,
    "events" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "EventTerm" (
    "segment" INTEGER NOT NULL,
    "bucket" INTEGER NOT NULL,
    "postings" BLOB NOT NULL,

    PRIMARY KEY ("segment", "bucket")
) WITHOUT ROWID;

-- CreateTable
CREATE TABLE "NestedEvent" (
    "cursor" BIGINT NOT NULL PRIMARY KEY
);

-- CreateIndex
CREATE INDEX "Workspace_createdAt_idx" ON "Workspace"("createdAt");

-- CreateIndex
CREATE INDEX "Workspace_createdBy_idx" ON "Workspace"("createdBy");

-- Events that lists leave out have a row of their own from now on.
INSERT INTO "NestedEvent" ("cursor")
SELECT "cursor" FROM "Event" WHERE "source" LIKE '%appInstanceFullSlug%' AND "source" ->> '$.appInstanceFullSlug' LIKE '%.%';
