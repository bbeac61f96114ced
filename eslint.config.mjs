import js from "@eslint/js";
import next from "eslint-config-next/core-web-vitals";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";
import { foreignKeys } from "./scripts/foreign-keys.mjs";

/** What any layer on a server may stand on. */
const GROUND = ["lib/net", "lib/runtime", "lib/domain"];
/** Layers from the top down: a file may import from its own layer and from those that follow it in its list. */
const LAYERS = {
  "components/**": ["lib/client", "lib/contract", "lib/domain"],
  "lib/client/**": ["lib/contract", "lib/domain"],
  "lib/contract/**": ["lib/domain"],
  "lib/http/**": [
    "lib/contract",
    "lib/server",
    "lib/git",
    "lib/store",
    "lib/versioning",
    "lib/archive",
    ...GROUND,
  ],
  "lib/server/**": ["lib/git", "lib/merge", "lib/store", "lib/versioning", "lib/archive", ...GROUND],
  "lib/git/**": ["lib/merge", "lib/versioning", "lib/archive", ...GROUND],
  "lib/merge/**": ["lib/versioning", "lib/archive", ...GROUND],
  "lib/store/**": ["lib/versioning", "lib/archive", ...GROUND],
  "lib/versioning/**": ["lib/archive", ...GROUND],
  "lib/archive/**": ["lib/runtime", "lib/domain"],
  "lib/net/**": ["lib/domain"],
  "lib/runtime/**": ["lib/domain"],
  "lib/domain/**": [],
};
const ALL = [
  "app",
  "components",
  "lib/client",
  "lib/contract",
  "lib/http",
  "lib/server",
  "lib/git",
  "lib/merge",
  "lib/store",
  "lib/versioning",
  "lib/archive",
  "lib/net",
  "lib/runtime",
  "lib/domain",
  "lib/testing",
];
const LIBRARIES = [
  {
    group: ["@prisma/*", "better-sqlite3", "pg", "**/store/generated/**"],
    only: "lib/store/**",
    message: "Only lib/store knows the database.",
  },
  {
    group: ["isomorphic-git", "isomorphic-git/*", "ssh2"],
    only: "lib/git/**",
    message: "Only lib/git knows git libraries.",
  },
];
const TESTS = ["**/*.test.ts", "**/*.test.tsx"];

const layerRules = Object.entries(LAYERS).map(([files, below]) => {
  const own = files.replace("/**", "");
  const forbidden = ALL.filter((folder) => folder !== own && !below.includes(folder));
  return {
    files: [files + "/*.{ts,tsx}", files.replace("/**", "/*.{ts,tsx}")],
    ignores: TESTS,
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: forbidden.flatMap((folder) => [`@/${folder}`, `@/${folder}/**`]),
              message: `Imports point down: ${own} may use ${below.join(", ") || "nothing of ours"}. See ARCHITECTURE.md.`,
            },
            ...LIBRARIES.filter((library) => library.only !== files).map(({ group, message }) => ({
              group,
              message,
            })),
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  {
    ignores: [
      "node_modules/",
      ".next/",
      "data/",
      "lib/store/generated/",
      "next-env.d.ts",
      "test-results/",
      "playwright-report/",
      ".cache/",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...next,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A short arrow that answers nothing, such as a listener's, reads best on one line.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // It does not see what a call in between changes: a signal that was aborted, a flag that a listener sets.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // A value of a foreign file is shown as it stands there, whatever it is.
      "@typescript-eslint/no-base-to-string": "off",
      // Whoever implements an interface of promises may have nothing to wait for.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-empty": ["error", { allowEmptyCatch: false }],
      eqeqeq: "error",
    },
  },
  {
    files: ["app/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: [
                "@/lib/git/**",
                "@/lib/merge/**",
                "@/lib/store/**",
                "@/lib/versioning/**",
                "@/lib/archive/**",
                "@/lib/net/**",
                "@/lib/runtime/**",
                "@/lib/testing/**",
              ],
              message: "A page or route is wiring: go through lib/server.",
            },
          ],
        },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      // Matchers of the test runner are of type any, and tests take functions apart that need no `this`.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["app/**/*.{ts,tsx}", "components/**/*.{ts,tsx}", "lib/**/*.{ts,tsx}"],
    // Columns of the database are ours, and the reader of plain YAML leaves such names to the parser.
    ignores: [...TESTS, "lib/testing/**", "lib/store/database/**"].concat([
      "lib/domain/own.ts",
      "lib/archive/yaml/plain-yaml.ts",
    ]),
    plugins: { switchyard: { rules: { "foreign-keys": foreignKeys } } },
    rules: { "switchyard/foreign-keys": "error" },
  },
  ...layerRules,
  {
    files: ["app/v2/**/route.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "ExportNamedDeclaration > :matches(FunctionDeclaration, VariableDeclaration:has(> VariableDeclarator[id.type='Identifier']))",
          message:
            "A route file exports what routes() makes of its contracts, so that no handler stands bare.",
        },
      ],
    },
  },
  {
    files: ["scripts/**/*.mjs", "*.mjs"],
    languageOptions: {
      globals: {
        console: "readonly",
        process: "readonly",
        Buffer: "readonly",
        URL: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        fetch: "readonly",
        AbortSignal: "readonly",
      },
    },
  },
  prettier,
);
