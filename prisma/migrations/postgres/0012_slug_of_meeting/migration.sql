-- AlterTable
ALTER TABLE "RepositoryState" ADD COLUMN "slug" TEXT COLLATE "C";
