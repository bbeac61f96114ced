/** A JSON answer with more to say than its value: a status or headers. */
export class Reply<T> {
  readonly value: T;
  readonly status: number;
  readonly headers: Headers;

  constructor(
    value: T,
    options: { status?: number; headers?: HeadersInit; cookies?: readonly string[] } = {},
  ) {
    this.value = value;
    this.status = options.status ?? 200;
    this.headers = new Headers(options.headers);
    for (const cookie of options.cookies ?? []) this.headers.append("set-cookie", cookie);
  }
}
