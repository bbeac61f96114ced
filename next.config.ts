import type { NextConfig } from "next";

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm run check` checks the types of everything, tests included; whoever starts a clone need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  // A machine that builds once and goes away would only wait for the cache to be written.
  experimental: { turbopackFileSystemCacheForBuild: !process.env["CI"] },
  // Native addons and packages that read files beside themselves stay outside the bundle.
  serverExternalPackages: [
    "better-sqlite3",
    "@prisma/adapter-better-sqlite3",
    "@prisma/adapter-pg",
    "pg",
    "pino",
    "ssh2",
  ],
};

export default config;
