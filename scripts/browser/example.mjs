/** Watches examples/browser from within its page, and reports how it went. */
const seen = Array.from({ length: 4 }, () => new Set());
let longestGap = 0;
let hasBegun = false;
let last = performance.now();
const timer = setInterval(() => {
  const now = performance.now();
  const gap = now - last;
  last = now;
  document.querySelectorAll('#chains progress').forEach((bar, chain) => seen[chain].add(bar.value));
  const status = document.getElementById('status').textContent;
  if (status === '' || status === 'running') {
    // Before the first progress the model is compiled, which takes the page's own thread.
    if (hasBegun) longestGap = Math.max(longestGap, gap);
    hasBegun ||= seen.some((values) => values.size > 1);
    return;
  }
  clearInterval(timer);
  const report = {
    status,
    isIsolated: crossOriginIsolated,
    progress: seen.map((values) => values.size),
    longestGap,
    summary: document.getElementById('summary').textContent,
  };
  void fetch('/report', { method: 'POST', body: JSON.stringify(report) });
}, 10);
