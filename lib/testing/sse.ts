export interface StreamMessage {
  event: string | undefined;
  id: string | undefined;
  data: Record<string, unknown>;
}

function parseBlock(block: string): StreamMessage | null {
  const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith(":"));
  if (lines.length === 0) return null;
  const field = (name: string) =>
    lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  const data = field("data");
  if (data.length !== 1) throw new Error(`A message has ${String(data.length)} data lines:\n${block}`);
  return {
    event: field("event")[0],
    id: field("id")[0],
    data: JSON.parse(data[0] ?? "") as Record<string, unknown>,
  };
}

/** Reads a stream to its end, or up to the first message that `until` accepts. */
export async function readStream(
  response: Response,
  until: (message: StreamMessage) => boolean = () => false,
): Promise<StreamMessage[]> {
  if (!response.body) throw new Error("There is no stream to read.");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const messages: StreamMessage[] = [];
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return messages;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const message = parseBlock(block);
      if (!message) continue;
      messages.push(message);
      if (until(message)) {
        await reader.cancel();
        return messages;
      }
    }
  }
}
