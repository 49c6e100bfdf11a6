// Says when the page no longer hears from the bus: what it shows is old then.
document.addEventListener("DOMContentLoaded", () => {
  const lost = document.getElementById("lost");
  const say = (isLost) => () => { lost.hidden = !isLost; };
  document.body.addEventListener("htmx:sendError", say(true));
  document.body.addEventListener("htmx:responseError", say(true));
  document.body.addEventListener("htmx:afterOnLoad", say(false));
});
