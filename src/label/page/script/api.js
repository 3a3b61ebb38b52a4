// Requests to the server, one edit after the other. What could not be saved is kept in the browser until it is.

const [token] = location.hash.slice(1).split("/");

export class ApiError extends Error {
  constructor(status, error) {
    super(error?.message ?? `the server answered ${status}`);
    this.status = status;
    this.code = error?.code ?? "";
    this.details = error ?? {};
  }
}

// The server is not there, or does not answer.
export class Unreachable extends Error {}

export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/api/${path}`, {
      method,
      headers: { "x-assay-token": token, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      // Longer than the server waits for another program.
      signal: AbortSignal.timeout(45_000),
    });
  } catch (error) {
    throw new Unreachable(error.message);
  }
  let answer;
  try {
    answer = await response.json();
  } catch (error) {
    // A server that was killed in the middle of an answer.
    throw new Unreachable(error.message);
  }
  if (!response.ok) throw new ApiError(response.status, answer.error);
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);

export const tokenOfPage = () => token;
