"use client";

import { own } from "@/lib/domain/own";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { ChevronRight, Dot, File, FileCode2, Folder, FolderOpen, Image as ImageIcon } from "lucide-react";
import type { SourceList } from "@/lib/domain/wire/api";
import { cn } from "@/lib/client/cn";
import { grouped } from "@/lib/client/format";

export type Source = SourceList["files"][number];

interface Node {
  name: string;
  path: string;
  file?: Source;
  children: Node[];
}

function buildTree(files: Source[]): Node[] {
  const root: Node = { name: "", path: "", children: [] };
  const known = new Map<string, Node>();
  for (const file of files) {
    const parts = file.path.split("/");
    let at = root;
    parts.forEach((name, index) => {
      const path = parts.slice(0, index + 1).join("/");
      const next = known.get(path) ?? {
        name,
        path,
        children: [],
        ...(index === parts.length - 1 ? { file } : {}),
      };
      if (!known.has(path)) at.children.push(next);
      known.set(path, next);
      at = next;
    });
  }
  return sortNodes(root.children);
}

// Folders first would bury index.yml, the file that everything starts from.
function sortNodes(nodes: Node[]): Node[] {
  const rank = ({ file, name }: Node) =>
    file ? (name === "index.yml" ? 0 : name === "security.yml" ? 1 : 3) : 2;
  return nodes
    .map((node) => ({ ...node, children: sortNodes(node.children) }))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

interface Row extends Node {
  depth: number;
  open: boolean;
}

function visibleRows(nodes: Node[], isOpen: (folder: Node) => boolean, depth = 0): Row[] {
  return nodes.flatMap((node) => {
    const open = !node.file && isOpen(node);
    return [{ ...node, depth, open }, ...(open ? visibleRows(node.children, isOpen, depth + 1) : [])];
  });
}

/** A folder of more than this is closed at first: what comes after it would be out of sight. */
const MANY = 60;

interface FileTreeProps {
  files: Source[];
  selected: string | undefined;
  unsaved: ReadonlySet<string>;
  /** The files are those that a filter found: all of them are to be seen. */
  isFiltered: boolean;
  onSelect: (path: string) => void;
}

/** The files of a workspace as a tree that arrow keys walk through. */
export function FileTree({ files, selected, unsaved, isFiltered, onSelect }: FileTreeProps) {
  const tree = useMemo(() => buildTree(files), [files]);
  const [choices, setChoices] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [focus, setFocus] = useState<string>();
  const list = useRef<HTMLUListElement>(null);
  const isOpen = ({ path, children }: Node) =>
    isFiltered ||
    (choices.get(path) ?? (children.length <= MANY || selected?.startsWith(`${path}/`) === true));
  const rows = visibleRows(tree, isOpen);
  const tabStop = [focus, selected].find((path) => rows.some((row) => row.path === path)) ?? rows[0]?.path;

  const toggle = ({ path }: Row, open: boolean) => {
    setChoices((before) => new Map(before).set(path, open));
  };
  const focusRow = (row: Row | undefined) => {
    if (!row) return;
    setFocus(row.path);
    list.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(row.path)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, row: Row, index: number) => {
    const parent = rows.slice(0, index).findLast(({ depth }) => depth < row.depth);
    const actions: Record<string, () => void> = {
      ArrowDown: () => {
        focusRow(rows[index + 1]);
      },
      ArrowUp: () => {
        focusRow(rows[index - 1]);
      },
      Home: () => {
        focusRow(rows[0]);
      },
      End: () => {
        focusRow(rows.at(-1));
      },
      ArrowRight: () => {
        if (row.file) return;
        if (row.open) focusRow(rows[index + 1]);
        else toggle(row, true);
      },
      ArrowLeft: () => {
        if (row.open) toggle(row, false);
        else focusRow(parent);
      },
      Enter: () => {
        if (row.file) onSelect(row.path);
        else toggle(row, !row.open);
      },
    };
    const action = own(actions, event.key === " " ? "Enter" : event.key);
    if (!action) return;
    event.preventDefault();
    action();
  };

  return (
    <ul ref={list} role="tree" aria-label="Files" className="py-1">
      {rows.map((row, index) => (
        <li
          key={row.path}
          role="treeitem"
          data-path={row.path}
          aria-level={row.depth + 1}
          aria-selected={row.path === selected}
          {...(row.file ? {} : { "aria-expanded": row.open })}
          tabIndex={row.path === tabStop ? 0 : -1}
          onClick={() => {
            setFocus(row.path);
            if (row.file) onSelect(row.path);
            else toggle(row, !row.open);
          }}
          onKeyDown={(event) => {
            onKeyDown(event, row, index);
          }}
          style={{ paddingLeft: 8 + row.depth * 14 }}
          className={cn(
            "focus-inset mx-1 flex h-7 cursor-pointer items-center gap-1.5 rounded-md pr-2 text-sm",
            row.path === selected ? "bg-active font-medium" : "text-soft hover:bg-hover hover:text-text",
          )}
        >
          <TreeIcon row={row} />
          <span className="truncate" title={row.path}>
            {row.name}
          </span>
          {!row.file && !row.open && (
            <span className="tabular ml-auto text-xs text-muted">{grouped(row.children.length)}</span>
          )}
          {unsaved.has(row.path) && (
            <Dot aria-label="Not saved" className="-mr-2 ml-auto size-6 shrink-0 text-dirty" />
          )}
        </li>
      ))}
    </ul>
  );
}

function TreeIcon({ row }: { row: Row }) {
  const look = "size-4 shrink-0 text-muted";
  if (row.file) {
    if (/\.(ya?ml|json)$/i.test(row.name)) return <FileCode2 aria-hidden className={cn(look, "ml-[18px]")} />;
    if (/\.(png|jpe?g|gif|webp|svg|ico)$/i.test(row.name))
      return <ImageIcon aria-hidden className={cn(look, "ml-[18px]")} />;
    return <File aria-hidden className={cn(look, "ml-[18px]")} />;
  }
  const FolderIcon = row.open ? FolderOpen : Folder;
  return (
    <>
      <ChevronRight
        aria-hidden
        className={cn("-mr-1 size-3.5 shrink-0 text-muted transition-transform", row.open && "rotate-90")}
      />
      <FolderIcon aria-hidden className={look} />
    </>
  );
}
