"use client";

import { Checkbox } from "@/components/ui/form/field";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import { Kbd, useCommandKey } from "@/components/ui/text";
import { useSingleKeys } from "./use-hotkeys";

const SECTIONS: [string, [string, string][]][] = [
  [
    "Everywhere",
    [
      ["Mod K", "Search workspaces and actions"],
      ["g f", "Go to the fleet"],
      ["g p", "Go to the platform"],
      ["g a", "Go to the activity"],
      ["g o", "Go to the operations"],
      ["/", "Focus the filter"],
      ["?", "This help"],
      ["Esc", "Close or go back"],
    ],
  ],
  [
    "In a list",
    [
      ["j", "Next row"],
      ["k", "Previous row"],
      ["Enter", "Open the row"],
      ["x", "Choose the workspace"],
      ["e", "Export the selected workspaces"],
    ],
  ],
  [
    "In the editor",
    [
      ["Mod S", "Save the file"],
      ["Mod F", "Find in the file"],
      ["Esc Tab", "Leave the editor"],
    ],
  ],
];

/** All keys that do something. */
export function HelpDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [singleKeys, setSingleKeys] = useSingleKeys();
  const commandKey = useCommandKey();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <DialogBody className="grid gap-6 sm:grid-cols-2">
        {SECTIONS.map(([title, keys], index) => (
          <section key={title} className={index === 0 ? "sm:row-span-2" : undefined}>
            <h3 className="mb-2 text-xs font-medium text-muted">{title}</h3>
            <dl className="flex flex-col gap-2">
              {keys.map(([combination, meaning]) => (
                <div key={combination} className="flex items-center justify-between gap-4">
                  <dt className="order-2 flex gap-1">
                    {combination.split(" ").map((key) => (
                      <Kbd key={key}>{key === "Mod" ? commandKey : key}</Kbd>
                    ))}
                  </dt>
                  <dd className="text-soft">{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <Checkbox
          className="border-t border-line pt-4 sm:col-span-2"
          label="Single-key shortcuts"
          hint={`Turn these off if a screen reader or speech input triggers them by accident. ${commandKey} K keeps working.`}
          checked={singleKeys}
          onChange={(event) => {
            setSingleKeys(event.currentTarget.checked);
          }}
        />
      </DialogBody>
    </Dialog>
  );
}
