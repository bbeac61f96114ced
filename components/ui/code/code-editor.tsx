"use client";

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, linter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";
import { parseDocument } from "yaml";
import { codeTheme } from "./theme";

export interface CodeProblem {
  line: number;
  message: string;
}

interface CodeEditorProps {
  /** The document to begin with; a new `documentKey` starts over. */
  initialText: string;
  documentKey: string;
  label: string;
  language: "yaml" | "text";
  readOnly?: boolean;
  /** Problems that the server found. */
  problems?: CodeProblem[];
  onChange: (text: string) => void;
  onSave: () => void;
}

const yamlProblems = linter(
  (view): Diagnostic[] => {
    const text = view.state.doc.toString();
    const { errors } = parseDocument(text, { prettyErrors: false });
    return errors.map(({ pos: [from, to], message }) => ({
      from: Math.min(from, text.length),
      to: Math.min(Math.max(to, from), text.length),
      severity: "error",
      message,
    }));
  },
  { delay: 300 },
);

function fixedExtensions(label: string, language: "yaml" | "text"): Extension[] {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    foldGutter(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of("  "),
    EditorState.tabSize.of(2),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    lintGutter(),
    ...(language === "yaml" ? [yaml(), yamlProblems] : []),
    codeTheme,
    EditorView.contentAttributes.of({ "aria-label": label }),
  ];
}

function writable(readOnly: boolean): Extension {
  return [EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly)];
}

/** A text editor with YAML's colours, search, folding and errors beside the line. */
export function CodeEditor({
  initialText,
  documentKey,
  label,
  language,
  readOnly = false,
  problems,
  onChange,
  onSave,
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const access = useRef(new Compartment());
  const handlers = useRef({ onChange, onSave });
  useEffect(() => {
    handlers.current = { onChange, onSave };
  });

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: initialText,
        extensions: [
          keymap.of([
            {
              key: "Mod-s",
              preventDefault: true,
              run: () => {
                handlers.current.onSave();
                return true;
              },
            },
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...defaultKeymap,
            indentWithTab,
          ]),
          fixedExtensions(label, language),
          access.current.of(writable(readOnly)),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    // A document that cannot be edited must still be scrollable with the keyboard.
    editor.scrollDOM.tabIndex = 0;
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
    // The text belongs to the editor from here on; only another document replaces it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [documentKey]);

  useEffect(() => {
    view.current?.dispatch({ effects: access.current.reconfigure(writable(readOnly)) });
  }, [readOnly, documentKey]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const diagnostics = (problems ?? []).map((problem): Diagnostic => {
      const line = editor.state.doc.line(Math.min(Math.max(1, problem.line), editor.state.doc.lines));
      return { from: line.from, to: line.to, severity: "error", message: problem.message };
    });
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [problems, documentKey]);

  return (
    <div
      ref={host}
      className="h-full min-h-0 focus-within:outline-2 focus-within:-outline-offset-2 focus-within:outline-focus"
    />
  );
}
