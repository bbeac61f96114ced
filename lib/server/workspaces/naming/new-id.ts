import { customAlphabet } from "nanoid";

/** An id for a workspace that brings none along. */
export const newWorkspaceId = customAlphabet(
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
  7,
);
