"use client";

import { useEffect, useRef, type ComponentProps, type ReactNode } from "react";
import { Button } from "../button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "../dialog";
import { ErrorPanel } from "../states";

interface DialogFormProps {
  /** What its button says: the verb of the title. */
  submit: ReactNode;
  onSubmit: () => void;
  /** Something is lost by it. */
  danger?: boolean;
  busy: boolean;
  disabled?: boolean;
  /** What the way out says. */
  keep?: string;
  error: ComponentProps<typeof ErrorPanel>["error"] | null;
  /** What did not happen, above the error. */
  failure: string;
  /** False where something above the fields has to be read first. */
  focusesField?: boolean;
  children?: ReactNode;
}

const FIELDS = ":is(input:not([type=hidden]), select, textarea):not(:disabled)";

/** Fields in a window, with what went wrong above them and the buttons below. */
export function DialogForm({
  submit,
  onSubmit,
  danger = false,
  busy,
  disabled = false,
  keep = "Cancel",
  error,
  failure,
  focusesField = true,
  children,
}: DialogFormProps) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // A field with autoFocus has it already. Without a field, the window gives the focus to its first button.
    if (!focusesField || form.current?.contains(document.activeElement)) return;
    form.current?.querySelector<HTMLElement>(FIELDS)?.focus();
  }, [focusesField]);
  return (
    <form
      ref={form}
      className="flex min-h-0 flex-1 flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && !disabled) onSubmit();
      }}
    >
      {(error ?? children) && (
        <DialogBody className="flex flex-col gap-4">
          {error && <ErrorPanel error={error} title={failure} />}
          {children}
        </DialogBody>
      )}
      <DialogFooter>
        <DialogClose asChild>
          <Button>{keep}</Button>
        </DialogClose>
        <Button type="submit" variant={danger ? "danger" : "primary"} busy={busy} disabled={disabled}>
          {submit}
        </Button>
      </DialogFooter>
    </form>
  );
}

type FormDialogProps = DialogFormProps &
  Pick<ComponentProps<typeof Dialog>, "title" | "description" | "width"> & {
    /** Omit it if the window is rendered only while it is open. */
    open?: boolean;
    onClose: () => void;
  };

/** A window that asks for something, or whether to go on, and does one thing. */
export function FormDialog({ open = true, onClose, title, description, width, ...form }: FormDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      {...{ title, description, width }}
    >
      <DialogForm {...form} />
    </Dialog>
  );
}
