// Keeps the focus on the page: when the control that has it goes away, is hidden or disabled, the focus moves to
// what took its place, else to what stands nearest. A chart is one stop of the Tab key, where the reader was in
// it; arrow keys, Home and End go from point to point.
"use strict";
(() => {
  const focusable = "a[href], button, input, select, textarea, summary, [tabindex]";
  const able = (e) => e !== null && e.isConnected && !e.disabled && e.checkVisibility({ visibilityProperty: true });
  const isPoint = (e) => e !== null && e.matches("svg.ch [tabindex]");
  const visited = new Map(); // by the id around a chart: the point last visited
  let now = null; // what has the focus, and where that stands
  let below = null; // what had it last outside of dialogs
  let due = false;

  addEventListener("focusin", ({ target }) => {
    if (!(target instanceof Element)) return;
    now = seat(target);
    if (!target.closest("dialog")) below = now;
    if (isPoint(target)) visit(now);
  });
  addEventListener("pointerdown", () => { now = null; }, true); // pressing beside every control is a choice, too
  addEventListener("focusout", soon);
  addEventListener("keydown", (event) => {
    if (!isPoint(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = along(event.target, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  new MutationObserver(soon).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "disabled", "class", "open"] });

  // seat is an element with what finds it in a page that has been drawn anew. The range follows its place while
  // the page changes.
  function seat(e) {
    const place = document.createRange();
    place.setStartBefore(e);
    place.collapse(true);
    return { e, place, id: e.closest("[id]")?.id, ref: e.dataset.x };
  }

  function again({ id, ref }) {
    if (ref) return document.querySelector(`[id="${id}"] [data-x="${ref}"]`);
    const e = document.getElementById(id);
    return e && e.matches(focusable) ? e : null;
  }

  // near is the stop of the Tab key nearest to a place: in the smallest part of the page that has one, rather
  // after it than before.
  function near(place) {
    for (let part = place.startContainer; part; part = part.parentElement) {
      const stops = [...part.querySelectorAll(focusable)].filter((e) => e.tabIndex >= 0 && able(e));
      if (stops.length > 0) return stops.find((e) => place.comparePoint(e, 0) > 0) ?? stops.at(-1);
    }
    return document.getElementById("main");
  }

  function soon() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; look(); });
  }

  // look puts the focus back where a change has taken it away.
  function look() {
    for (const [id, point] of visited) {
      if (point.e.isConnected) continue;
      visited.delete(id);
      const e = again(point);
      if (isPoint(e)) visit(seat(e));
    }
    const at = document.activeElement;
    if (!now || (able(at) && at !== document.body)) return;
    if (able(now.e)) { // left on purpose
      now = null;
      return;
    }
    const dialog = now.e.closest("dialog");
    const from = dialog && !dialog.open && below ? below : now;
    const to = [from.e, again(from), near(from.place)].find(able);
    if (to) to.focus({ preventScroll: true });
  }

  // visit makes a point the one of its chart that the Tab key reaches.
  function visit(point) {
    visited.set(point.id, point);
    for (const e of point.e.closest("svg").querySelectorAll('[tabindex="0"]')) e.setAttribute("tabindex", "-1");
    point.e.setAttribute("tabindex", "0");
  }

  // along is where a key leads from a point: left and right in reading order, up and down to the nearest point of
  // the line or row above or below, where there are several. A row begins where the order goes back.
  function along(from, key) {
    const points = [...from.closest("svg").querySelectorAll("[tabindex]")];
    const at = points.indexOf(from);
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -points.length, End: points.length }[key];
    if (!step) return null;
    const x = (e) => Number(e.getAttribute("x"));
    let row = 0;
    const rows = points.map((e, i) => (i > 0 && x(e) <= x(points[i - 1]) && e.getAttribute("y") !== points[i - 1].getAttribute("y") ? ++row : row));
    if (row > 0 && (key === "ArrowUp" || key === "ArrowDown")) {
      const distance = (e) => Math.abs(x(e) - x(from));
      return points.filter((_, i) => rows[i] === rows[at] + step).sort((a, b) => distance(a) - distance(b))[0] ?? from;
    }
    return points[Math.min(Math.max(at + step, 0), points.length - 1)];
  }
})();
