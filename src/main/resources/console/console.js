(() => {
  const root = document.documentElement;
  const login = "/console/login";

  // Tells the bus the browser's time zone. The page is loaded again if it shows other times than the browser would.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  const offset = (name) => {
    try {
      return new Date().toLocaleString("en", { timeZone: name, timeZoneName: "longOffset" }).split(" ").pop();
    } catch {
      return "";
    }
  };
  if (zone && zone !== root.dataset.browserZone) {
    document.cookie = `zone=${encodeURIComponent(zone)}; path=/console; max-age=31536000; samesite=strict`;
    const isKept = document.cookie.includes("zone=");
    if (isKept && !root.dataset.sent && root.dataset.zone !== "UTC" && offset(zone) !== offset(root.dataset.zone)) {
      location.reload();
    }
  }

  // What was done is said once: not again when the page is loaded again.
  const address = new URL(location.href);
  if (address.searchParams.has("done")) {
    address.searchParams.delete("done");
    history.replaceState(history.state, "", address);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const lost = document.getElementById("lost");
    const stale = document.getElementById("stale");
    const show = (isLost, isStale) => {
      lost.hidden = !isLost;
      stale.hidden = !isStale;
    };
    const on = (name, act) => document.body.addEventListener(name, act);
    on("htmx:sendError", () => show(true, false));
    on("htmx:responseError", (event) => show(event.detail.xhr.status >= 500, event.detail.xhr.status < 500));
    // A refresh whose session has ended is led to the login; so is the page, where the reason is shown.
    on("htmx:beforeOnLoad", (event) => {
      const { xhr } = event.detail;
      if (new URL(xhr.responseURL || location.href).pathname === login) {
        event.preventDefault();
        location.assign(login);
      } else if (xhr.status < 400) {
        show(false, false);
      }
    });
    // A refresh would take a selection away that someone is about to copy.
    on("htmx:beforeSwap", (event) => {
      const selection = getSelection();
      if (selection && !selection.isCollapsed && event.detail.target.contains(selection.anchorNode)) {
        event.detail.shouldSwap = false;
      }
    });
    // The way back from a message is to the list that led to it, as it was filtered.
    const list = "list";
    if (document.querySelector("form[role=search]")) {
      sessionStorage.setItem(list, location.pathname + location.search);
    }
    const known = sessionStorage.getItem(list) || "";
    document.querySelectorAll(".up a").forEach((up) => {
      const lists = (up.dataset.lists || up.pathname).split(" ");
      if (lists.includes(known.split("?")[0])) {
        up.href = known;
      }
    });
    on("change", (event) => {
      if (event.target.id === "all") {
        document.querySelectorAll(".pick input").forEach((each) => { each.checked = event.target.checked; });
      }
    });
    // A second click would be refused, and that would hide that the first was done.
    on("submit", (event) => {
      if (event.target.method === "post") {
        setTimeout(() => event.target.querySelectorAll("button").forEach((each) => { each.disabled = true; }));
      }
    });
    addEventListener("pageshow", () => document.querySelectorAll("button:disabled").forEach((each) => { each.disabled = false; }));
  });
})();
