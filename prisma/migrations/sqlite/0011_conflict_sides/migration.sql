-- AlterTable
ALTER TABLE "RepositoryState" ADD COLUMN "conflictTarget" TEXT;
ALTER TABLE "RepositoryState" ADD COLUMN "conflictTree" TEXT;
