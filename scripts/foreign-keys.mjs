import ts from "typescript";

/**
 * A rule for ESLint: an object whose keys are names that others chose (slugs, paths, fields of a query) is not read or
 * written by `object[name]` or asked by `name in object`. `constructor` and `__proto__` are names like any other, and
 * every object has something under them that nobody put there. `own` and `withOwn` of lib/domain/own.ts, or a Map, are safe.
 */
export const foreignKeys = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      foreign:
        "Any object has a `constructor`: read a name that others chose with own(), set it with setOwn() (lib/domain/own.ts), or use a Map.",
    },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const isName = (node) => (services.getTypeAtLocation(node).flags & ts.TypeFlags.String) !== 0;
    const parts = (type) => (type.isUnion() ? type.types : [type]);
    const isRecord = (node) =>
      parts(services.getTypeAtLocation(node)).some((type) => type.getStringIndexType() !== undefined);
    return {
      MemberExpression(node) {
        if (node.computed && isName(node.property) && isRecord(node.object))
          context.report({ node, messageId: "foreign" });
      },
      "BinaryExpression[operator='in']"(node) {
        if (node.left.type !== "PrivateIdentifier" && isName(node.left))
          context.report({ node, messageId: "foreign" });
      },
    };
  },
};
