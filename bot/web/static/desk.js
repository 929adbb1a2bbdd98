// Drag a post to another day; keys; where the focus goes.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, more = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), more);
    made.append(...children);
    return made;
  };
  const mayEdit = () => $(".deskhead .role") && $(".deskhead .role").textContent !== "look";
  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF-Token"] || "";

  // For screen readers.
  const voice = make("p", { className: "unseen" });
  voice.setAttribute("aria-live", "assertive");
  document.body.append(voice);
  const say = (words) => { voice.textContent = words; };

  const focusOn = (root) => { const at = $("[data-focus]", root); if (at) at.focus(); return at; };

  // A refusal is a page, too, and its sentence stands beside the form.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if ([403, 404, 409, 422].includes(event.detail.xhr.status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const part = event.target.id === "main" ? $("#main") : event.target;
    if ($("#refused", part)) {  // what was refused before is not so any more
      $$("#refused").forEach((each) => part.contains(each) || each.remove());
      $$("[aria-describedby=refused]").forEach((each) => part.contains(each) || each.removeAttribute("aria-describedby"));
    }
    focusOn(part);
  });

  // ---- Moving a mark to another day ----
  const DAY = 86400000;
  const daysFrom = (day, count) => new Date(Date.parse(day + "T00:00Z") + count * DAY).toISOString().slice(0, 10);
  const named = (day) => new Date(day + "T00:00Z").toLocaleDateString("en-GB",
    { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  const dayOf = (element) => { const cell = element && element.closest("[data-day]"); return cell ? cell.dataset.day : ""; };
  const cellOf = (day) => $(`[data-day="${day}"]`);
  const markOf = (element) => element && element.closest && element.closest("a[data-slot], article a");
  const slotOf = (mark) => mark.closest("[data-slot]").dataset;

  const tell = (...children) => {
    if ($("#notice")) $("#notice").remove();
    const notice = make("div", { className: "notice", id: "notice", tabIndex: -1 }, ...children);
    notice.setAttribute("role", "status");
    $("#main").prepend(notice);
    notice.focus();
  };

  const page = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  const shown = async (notice, slot) => {
    const fresh = $("#main", await page(await fetch(location.href)));
    if (fresh) $("#main").replaceWith(fresh);
    if (notice) $("#main").prepend(document.adoptNode(notice));
    if (window.htmx) window.htmx.process($("#main"));
    const mark = $$("a[data-slot]").find((each) => each.dataset.slot === slot);
    (mark || focusOn($("#main")) || $("#main")).focus();
    if (notice) say($("p", notice).textContent);
  };

  const move = async (data, day) => {
    const to = `/slot/${data.slot}`;
    const body = new URLSearchParams({ day, was: data.at, next: to });
    try {
      const answer = await fetch(`${to}/move`, { method: "POST", body, headers: { "X-CSRF-Token": token() } });
      const found = await page(answer);
      if (answer.ok) return await shown($("#notice", found), data.slot);
      const why = $("#refused, main .said", found);
      tell(make("p", {}, `Not moved: ${why ? why.textContent.trim() : "the desk did not say why."} `,
        make("a", { href: `${to}#move` }, "Move it on its own page")));
    } catch {
      tell(make("p", {}, "Not moved: the desk did not answer."));
    }
  };

  let dragged = null;
  const unmarked = () => $$(".drop, .picked").forEach((each) => each.classList.remove("drop", "picked"));
  document.addEventListener("dragstart", (event) => {
    const mark = markOf(event.target);
    if (!mark || !dayOf(mark) || !mayEdit()) return;
    dragged = mark;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", mark.href);
    mark.classList.add("picked");
  });
  document.addEventListener("dragover", (event) => {
    const cell = dragged && event.target.closest("[data-day]");
    $$(".drop").forEach((each) => each !== cell && each.classList.remove("drop"));
    if (!cell) return;
    event.preventDefault();
    cell.classList.add("drop");
  });
  document.addEventListener("drop", (event) => {
    const day = dragged && dayOf(event.target);
    if (!day) return;
    event.preventDefault();
    if (day !== dayOf(dragged)) move(slotOf(dragged), day);
  });
  document.addEventListener("dragend", () => { dragged = null; unmarked(); });

  // ---- Keys ----
  const OFF = "redletter-keys-off";
  const stored = () => { try { return localStorage.getItem(OFF) === "yes"; } catch { return false; } };
  const store = (off) => { try { localStorage.setItem(OFF, off ? "yes" : "no"); } catch { /* not kept */ } };
  let off = stored();
  let held = null;  // the mark that is picked up, and the day where it would go

  const go = (mark, cell) => { const at = mark || (cell && $("a.mark, article a, a", cell)); if (at) at.focus(); return Boolean(at); };
  const step = (from, count) => {
    for (let far = 1; far < 62; far += 1) {
      const cell = cellOf(daysFrom(from, count * far));
      if (!cell) return false;
      if (go(null, cell)) return true;
    }
    return false;
  };
  const within = (mark, count) => {
    const marks = $$("a.mark, article a", mark.closest("[data-day]"));
    return go(marks[marks.indexOf(mark) + count]) || step(dayOf(mark), 7 * count);
  };
  const ARROWS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  const aim = (day) => {
    held.day = day;
    $$(".drop").forEach((each) => each.classList.remove("drop"));
    const cell = cellOf(day);
    if (cell) cell.classList.add("drop");
    say(`It would go to ${named(day)}. Enter drops it, Escape leaves it.`);
  };
  const pick = (mark) => {
    held = { mark, day: dayOf(mark) };
    mark.classList.add("picked");
    aim(held.day);
    say(`Picked up from ${named(held.day)}. Arrows choose a day, Enter drops it, Escape leaves it.`);
  };
  const drop = (day) => {
    const { mark } = held;
    held = null;
    unmarked();
    if (day && day !== dayOf(mark)) move(slotOf(mark), day);
    else say("Left where it was.");
  };
  const carried = (key) => {
    if (key === "Escape") drop("");
    else if (key === "Enter") drop(held.day);
    else if (ARROWS[key]) aim(daysFrom(held.day, ARROWS[key]));
    else return false;
    return true;
  };
  const walked = (key, at) => {
    if (!dayOf(at) || !ARROWS[key] || !at.matches("a")) return false;
    return Math.abs(ARROWS[key]) === 1 ? step(dayOf(at), ARROWS[key]) : within(at, Math.sign(ARROWS[key]));
  };

  const FORMS = { a: "approve", s: "skip", e: "edit", w: "swap", m: "move" };
  const lettered = (key, at) => {
    const form = FORMS[key] && $(`form#${FORMS[key]}`);
    const press = "ynl".includes(key) && $(`[data-key=${key}]`);
    if (key === "?") help();
    else if (press) press.click();
    else if (key === "m" && dayOf(at) && markOf(at) && mayEdit()) pick(markOf(at));
    else if (form) {
      form.scrollIntoView({ block: "start" });
      $("select, input:not([type=hidden]), textarea, button", form).focus();
    } else return false;
    return true;
  };

  document.addEventListener("keydown", (event) => {
    const { key, target: at } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (at.closest("input, textarea, select, [contenteditable], dialog")) return;
    if (held ? carried(key) : walked(key, at) || (!off && !event.repeat && lettered(key, at))) event.preventDefault();
  });
  document.addEventListener("focusout", (event) => {
    if (held && event.target === held.mark) drop("");
  });

  const KEYS = [["arrows", "from day to day, and from post to post"], ["Enter", "open"],
    ["m", "pick a post up; arrows choose a day, Enter drops it, Escape leaves it"],
    ["a s e w m", "on a post’s page: approve, skip, edit, swap, move"], ["y n l", "review: yes, no, later"],
    ["?", "these keys"]];
  let dialog = null;
  const help = () => {
    if (!dialog) {
      const box = make("input", { type: "checkbox", id: "keys-off", checked: off });
      box.addEventListener("change", () => { off = box.checked; store(off); });
      const list = make("dl", { className: "keys" });
      KEYS.forEach(([key, what]) => list.append(make("dt", {}, key), make("dd", {}, what)));
      const label = make("label", { htmlFor: "keys-off" }, "Switch the single letters off");
      dialog = make("dialog", { className: "help" }, make("form", { method: "dialog" },
        make("h2", { id: "keys-head" }, "Keys"), list, make("p", { className: "choice" }, box, label),
        make("button", {}, "Close")));
      dialog.setAttribute("aria-labelledby", "keys-head");
      document.body.append(dialog);
    }
    dialog.showModal();
  };
  const foot = $(".deskfoot");
  if (foot && $(".deskhead nav")) {
    const button = make("button", { type: "button", className: "plain" }, "Keys");
    button.addEventListener("click", help);
    foot.append(make("p", {}, button));
  }
  focusOn($("#main"));
})();
