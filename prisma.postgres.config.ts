import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "prisma/postgres",
  migrations: { path: "prisma/migrations/postgres" },
});
