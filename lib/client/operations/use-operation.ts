"use client";

import { useCallback, useSyncExternalStore } from "react";
import type { Operation } from "@/lib/domain/operation";
import { operations } from "@/lib/contract/operations";
import { ApiError, toApiError } from "../api";
import { addressOf, call } from "../api/call";
import { followStream, type StreamMessage, type StreamState } from "../stream/event-stream";
import { addEvent, EMPTY_VIEW, isCompletion, isRunning, type OperationView } from "./operation-view";

export interface OperationFeed {
  operation: Operation | null;
  view: OperationView;
  /** How the events reach us: by stream, or by asking again and again. */
  line: StreamState | "polling";
  error: ApiError | null;
}

const BLANK: OperationFeed = { operation: null, view: EMPTY_VIEW, line: "connecting", error: null };
const POLL_MS = 2500;
const NOTICE_MS = 80;

/** Follows one operation for all components that show it: one stream, however many viewers. */
class OperationFollower {
  readonly #id: string;
  readonly #listeners = new Set<() => void>();
  #feed: OperationFeed = BLANK;
  #cursor: string | undefined;
  #stopStream: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #notice: ReturnType<typeof setTimeout> | null = null;

  constructor(id: string) {
    this.#id = id;
  }

  get feed(): OperationFeed {
    return this.#feed;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  #set(change: Partial<OperationFeed>): void {
    this.#feed = { ...this.#feed, ...change };
    // A thousand workspaces tell of themselves within seconds; eyes need ten pictures a second at most.
    if (this.#notice) return;
    this.#notice = setTimeout(() => {
      this.#notice = null;
      for (const listener of this.#listeners) listener();
    }, NOTICE_MS);
  }

  #start(): void {
    document.addEventListener("visibilitychange", this.#onVisibility);
    void this.#load();
    this.#follow();
  }

  #stop(): void {
    document.removeEventListener("visibilitychange", this.#onVisibility);
    this.#stopStream?.();
    this.#stopStream = null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  // Browsers allow few connections to one host: a tab nobody looks at gives its own back.
  #onVisibility = (): void => {
    if (document.hidden) {
      this.#stopStream?.();
      this.#stopStream = null;
    } else if (!this.#stopStream && !this.#feed.view.completed) {
      void this.#load();
      this.#follow();
    }
  };

  #follow(): void {
    if (this.#feed.view.completed || this.#stopStream || document.hidden) return;
    this.#stopStream = followStream({
      url: addressOf(operations.read, { params: { operationId: this.#id }, query: { sse: true } }),
      ...(this.#cursor === undefined ? {} : { lastEventId: this.#cursor }),
      isLast: (message) => isCompletion(message.event),
      onMessage: (message) => {
        this.#take(message);
      },
      onState: (state, failures) => {
        this.#set({ line: failures >= 3 ? "polling" : state });
        if (failures >= 3) this.#poll();
      },
    });
  }

  #take(message: StreamMessage): void {
    this.#cursor = message.id ?? this.#cursor;
    let payload: unknown;
    try {
      payload = JSON.parse(message.data);
    } catch {
      this.#set({
        error: new ApiError("UnexpectedAnswer", "The stream carried a line that is not JSON.", 200),
      });
      return;
    }
    if (typeof payload !== "object" || payload === null) return;
    const view = addEvent(this.#feed.view, {
      type: message.event,
      payload: payload as Record<string, unknown>,
    });
    this.#set({ view });
    if (view.completed) void this.#load();
  }

  #poll(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#load().then(() => {
        if (this.#feed.line === "polling" && this.#listeners.size > 0) this.#poll();
      });
    }, POLL_MS);
  }

  async #load(): Promise<void> {
    try {
      const operation = await call(operations.read, { params: { operationId: this.#id } });
      this.#set({ operation, error: null });
      // The stream may be gone for good, or its events cleaned away; the record still knows how it ended.
      if (!isRunning(operation) && !this.#feed.view.completed && this.#feed.line !== "live") {
        this.#set({ view: this.#ended(operation) });
      }
    } catch (error) {
      this.#set({ error: toApiError(error) });
    }
  }

  #ended(operation: Operation): OperationView {
    return addEvent(this.#feed.view, {
      type: "operation.completed",
      payload: { ...operation.result, errors: operation.errors },
    });
  }
}

const followers = new Map<string, OperationFollower>();

function followerOf(id: string): OperationFollower {
  const known = followers.get(id);
  if (known) return known;
  const follower = new OperationFollower(id);
  followers.set(id, follower);
  return follower;
}

/** An operation as it goes: replayed from its first event, then live, resumed when the line breaks. */
export function useOperation(id: string): OperationFeed {
  const follower = followerOf(id);
  const subscribe = useCallback((listener: () => void) => follower.subscribe(listener), [follower]);
  return useSyncExternalStore(
    subscribe,
    () => follower.feed,
    () => BLANK,
  );
}
