import { defineConfig } from "prisma/config";

export default defineConfig({ schema: "prisma/sqlite", migrations: { path: "prisma/migrations/sqlite" } });
