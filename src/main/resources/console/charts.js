// Draws the last hour or day of the lanes; GET /lanes/history has the numbers.
(() => {
  const drawn = new Map();
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const hues = { gone: "--bar-bad", refused: "--bar-warn", unavailable: "--accent", uncertain: "--idle" };
  const number = (value, digits = 0) => value.toLocaleString(root.lang, { maximumFractionDigits: digits });
  const sum = (values) => values.reduce((all, each) => all + (each || 0), 0);
  const last = (values) => values.length ? values[values.length - 1] : 0;
  const times = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: root.dataset.zone };
  const minutes = 60 * 1000;
  // The mean of the time that is known, as a rate like those in the chart.
  const rate = (values, per) => number(per(sum(values) / Math.max(1, values.filter((each) => each !== null).length)), 1);

  const lines = {
    throughput: (lane, per, words) => {
      const failed = lane.delivered.map((_, i) => sum(Object.values(lane.failed).map((each) => each[i])));
      return {
        said: `${rate(lane.delivered, per)} ${words.delivered} · ${rate(failed, per)} ${words.failed}`,
        sets: [[words.delivered, lane.delivered.map(per), "--bar-ok"], [words.failed, failed.map(per), "--bar-bad"]],
      };
    },
    failures: (lane, per, words) => ({
      said: Object.entries(lane.failed).map(([name, each]) => `${rate(each, per)} ${words[name]}`).join(" · ") || "0",
      sets: Object.entries(lane.failed).map(([name, each]) => [words[name], each.map(per), hues[name] || "--bar-idle"]),
    }),
    latency: (lane, per, words) => {
      const calls = sum(lane.calls);
      const all = sum(lane.calls.map((each, i) => each * (lane.meanMillis[i] || 0)));
      return { said: calls ? `${number(all / calls)} ms` : "–", sets: [[words.mean, lane.meanMillis, "--accent"]] };
    },
    depth: (lane, per, words) => ({ said: number(last(lane.depth)), sets: [[words.depth, lane.depth, "--accent"]] }),
  };

  const draw = (figure, lane, history) => {
    const perMinute = (each) => each * 60 / history.seconds;
    const { said, sets } = lines[figure.dataset.chart](lane, perMinute, figure.dataset);
    const canvas = figure.querySelector("canvas");
    const caption = figure.querySelector("figcaption");
    figure.querySelector("output").textContent = said;
    canvas.setAttribute("aria-label", caption.textContent);
    // While the history is short, several points have the same minute.
    const isShort = new Date(last(history.at)) - new Date(history.at[0]) < 10 * minutes;
    const shown = isShort ? { ...times, second: "2-digit" } : times;
    const data = {
      labels: history.at.map((at) => new Date(at).toLocaleTimeString(root.lang, shown)),
      datasets: sets.map(([label, points, hue]) => ({
        label, data: points, borderColor: colour(hue), backgroundColor: colour(hue),
        borderWidth: 1.6, pointRadius: points.length < 3 ? 2 : 0, pointHitRadius: 8, spanGaps: true,
      })),
    };
    const known = drawn.get(canvas);
    if (known) {
      known.data = data;
      known.options.scales = scales();
      known.update("none");
    } else {
      drawn.set(canvas, new Chart(canvas, { type: "line", data, options: options() }));
    }
  };

  const scales = () => {
    const ticks = { color: colour("--soft"), font: { size: 10 }, maxRotation: 0, autoSkip: true };
    return {
      x: { ticks: { ...ticks, maxTicksLimit: 5 }, grid: { display: false } },
      y: { beginAtZero: true, ticks: { ...ticks, maxTicksLimit: 4, precision: 0 }, grid: { color: colour("--line") } },
    };
  };
  const options = () => ({
    locale: root.lang, animation: false, responsive: true, maintainAspectRatio: false, scales: scales(),
    interaction: { mode: "index", intersect: false }, plugins: { legend: { display: false } },
  });

  const look = async () => {
    const all = [...document.querySelectorAll(".charts")];
    if (!all.length || document.hidden) {
      return;
    }
    const answer = await fetch(`/lanes/history?span=${all[0].dataset.span}`);
    if (!answer.ok) {
      return;
    }
    const history = await answer.json();
    for (const charts of all) {
      const lane = history.lanes.find((each) => each.vendor === charts.dataset.vendor && each.account === charts.dataset.account);
      if (lane) {
        charts.querySelectorAll("figure").forEach((figure) => draw(figure, lane, history));
      }
    }
  };
  const safely = () => look().catch(() => {}); // what is lost is said by console.js
  addEventListener("DOMContentLoaded", safely);
  document.addEventListener("visibilitychange", safely);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", safely);
  setInterval(safely, 5000);
})();
