-- Ids compare by their bytes, as all text does.
ALTER TABLE "RepositoryState" ADD COLUMN     "conflictTarget" TEXT COLLATE "C",
ADD COLUMN     "conflictTree" TEXT COLLATE "C";
