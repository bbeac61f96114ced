-- AlterTable
ALTER TABLE "RepositoryState" ADD COLUMN     "manifest" JSONB;
