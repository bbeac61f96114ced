const TESTS = "[.]test[.]tsx?$|^lib/testing/|/testing/";
/** The files of the application, tests left out. */
const OURS = { path: "^(app|components|lib)/", pathNot: TESTS };

/** What ESLint cannot see, since it looks at one file at a time: circles, and who may make an engine. */
const config = {
  forbidden: [
    {
      name: "no-circle-of-files",
      comment:
        "Files that import each other can only be understood together. Move what both need below them.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-circle-of-folders",
      comment:
        "The folders of lib/server are rooms with one way between them. Move what both need below them.",
      severity: "error",
      scope: "folder",
      from: { path: "^lib/server(/|$)" },
      to: { circular: true, path: "^lib/server(/|$)" },
    },
    {
      name: "engines-are-made-at-the-top",
      comment: "Take the parts you need as Pick<Engine, …>; only the roof knows how they came about.",
      severity: "error",
      from: {
        ...OURS,
        pathNot: `${TESTS}|^app/|^lib/http/route[.]ts$|^lib/server/compose/`,
      },
      to: { path: "^lib/server/compose/" },
    },
  ],
  options: {
    // Types count: a circle of types keeps two files from being read, moved and tested apart just as well.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    includeOnly: "^(app|components|lib|proxy|instrumentation)",
    // What Prisma generates, and tests, which may use whatever they test.
    exclude: { path: `^lib/store/generated/|${TESTS}` },
    cache: { folder: ".cache/dependency-cruiser", strategy: "content" },
  },
};

export default config;
