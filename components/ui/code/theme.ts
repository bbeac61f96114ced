import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The look of code, in the tokens of the interface: follows light and dark by itself. */
export const codeTheme = [
  EditorView.theme({
    "&": { color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "13px", height: "100%" },
    "&.cm-focused": { outline: "none" },
    ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", overflow: "auto" },
    ".cm-content": { caretColor: "var(--text)", padding: "10px 0" },
    ".cm-line": { padding: "0 14px 0 10px" },
    ".cm-cursor": { borderLeftColor: "var(--text)" },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
      backgroundColor: "var(--code-selection)",
    },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--code-line)" },
    ".cm-gutters": {
      backgroundColor: "var(--surface)",
      color: "var(--text-muted)",
      border: "none",
      fontVariantNumeric: "tabular-nums",
    },
    ".cm-lineNumbers .cm-gutterElement": { minWidth: "42px", padding: "0 8px 0 12px" },
    ".cm-foldGutter .cm-gutterElement": { cursor: "pointer" },
    ".cm-panels": { backgroundColor: "var(--surface-sunken)", color: "var(--text)" },
    ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
    ".cm-panel.cm-search": { padding: "8px 12px", fontFamily: "var(--font-sans)", fontSize: "13px" },
    ".cm-panel.cm-search label": {
      display: "inline-flex",
      alignItems: "center",
      gap: "4px",
      marginRight: "8px",
    },
    ".cm-textfield": {
      backgroundColor: "var(--surface)",
      border: "1px solid var(--control)",
      borderRadius: "6px",
      padding: "3px 8px",
      fontSize: "13px",
    },
    ".cm-button": {
      backgroundImage: "none",
      backgroundColor: "var(--surface)",
      border: "1px solid var(--line-strong)",
      borderRadius: "6px",
      padding: "3px 10px",
      fontSize: "12px",
    },
    ".cm-panel.cm-search [name=close]": {
      color: "var(--text-muted)",
      fontSize: "18px",
      right: "8px",
      width: "24px",
    },
    ".cm-searchMatch": { backgroundColor: "var(--warning-soft)", outline: "1px solid var(--warning-line)" },
    ".cm-searchMatch-selected": { backgroundColor: "var(--warning-line)" },
    ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
      backgroundColor: "var(--surface-active)",
      outline: "1px solid var(--line-strong)",
    },
    ".cm-tooltip": {
      backgroundColor: "var(--surface-raised)",
      color: "var(--text)",
      border: "1px solid var(--line-strong)",
      borderRadius: "6px",
    },
    ".cm-diagnostic": {
      padding: "6px 10px",
      fontFamily: "var(--font-sans)",
      fontSize: "12px",
      whiteSpace: "pre-wrap",
    },
    ".cm-diagnostic-error": { borderLeft: "3px solid var(--danger)" },
    ".cm-lintRange-error": {
      backgroundImage: "none",
      textDecoration: "underline wavy var(--danger)",
      textUnderlineOffset: "3px",
    },
    ".cm-lint-marker-error": { content: "none" },
    ".cm-foldPlaceholder": {
      backgroundColor: "var(--surface-active)",
      border: "none",
      color: "var(--text-muted)",
      padding: "0 6px",
    },
    ".cm-changedLine": { backgroundColor: "var(--success-soft) !important" },
    "&.cm-merge-a .cm-changedLine": { backgroundColor: "var(--danger-soft) !important" },
  }),
  syntaxHighlighting(
    HighlightStyle.define([
      { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--code-key)" },
      { tag: [tags.string, tags.content, tags.special(tags.string)], color: "var(--code-string)" },
      { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
      { tag: [tags.comment, tags.lineComment], color: "var(--code-comment)", fontStyle: "italic" },
      { tag: [tags.keyword, tags.meta, tags.typeName, tags.labelName], color: "var(--code-number)" },
      { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "var(--text-muted)" },
    ]),
  ),
];
