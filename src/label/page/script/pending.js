// Edits that are not on disk yet. They outlive the page: the browser keeps them until the server has confirmed them.

let key = "assay-pending";
let waiting = [];

export function openPending(dataset, annotator, mode) {
  key = `assay-pending:${dataset}:${mode}:${annotator}`;
  try {
    waiting = JSON.parse(localStorage.getItem(key) ?? "[]");
    if (!Array.isArray(waiting)) waiting = [];
  } catch {
    waiting = [];
  }
  return [...waiting];
}

function keep() {
  try {
    if (waiting.length) localStorage.setItem(key, JSON.stringify(waiting));
    else localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing: the page still holds the edits.
  }
}

export function addPending(edit) {
  waiting.push(edit);
  keep();
}

// An edit that is kept was built anew.
export const changedPending = keep;

export function removePending(edit) {
  waiting = waiting.filter((other) => other !== edit);
  keep();
}

export function clearPending() {
  waiting = [];
  keep();
}

export const pendingCount = () => waiting.length;
