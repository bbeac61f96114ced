-- CreateIndex
CREATE INDEX "JournalEntry_phase_outcome_createdAt_idx" ON "JournalEntry"("phase", "outcome", "createdAt");
