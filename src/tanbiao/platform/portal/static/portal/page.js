// What scripts add to a page that works without them: the menu of small screens, tabs, and a sign of work.

const menu = document.querySelector(".tb-menu-button");
menu?.addEventListener("click", () => {
  const open = menu.getAttribute("aria-expanded") !== "true";
  menu.setAttribute("aria-expanded", String(open));
  document.getElementById(menu.getAttribute("aria-controls")).classList.toggle("tb-open", open);
});

// Tabs: <div class="tb-tabs"> with sections (id, data-tab="word") inside; without scripts the sections stand one below another.
for (const box of document.querySelectorAll(".tb-tabs")) {
  const sections = [...box.children].filter((child) => child.dataset.tab);
  if (sections.length < 2) continue;
  const bar = document.createElement("div");
  bar.className = "nav nav-tabs tb-tab-bar";
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", box.dataset.label || document.title);
  const tabs = sections.map((section) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "nav-link";
    tab.id = `${section.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", section.id);
    tab.textContent = section.dataset.tab;
    if (section.dataset.count) {
      const count = document.createElement("span");
      count.className = "tb-count";
      count.textContent = section.dataset.count;
      tab.append(" ", count);
    }
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", tab.id);
    return tab;
  });
  const show = (index) => {
    tabs.forEach((tab, i) => {
      tab.classList.toggle("active", i === index);
      tab.setAttribute("aria-selected", String(i === index));
      tab.tabIndex = i === index ? 0 : -1;
      sections[i].hidden = i !== index;
    });
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => {
      show(i);
      if (box.classList.contains("tb-tabs-page")) history.replaceState(null, "", `#${sections[i].id}`);
    });
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = (step + tabs.length) % tabs.length;
      show(next);
      tabs[next].focus();
    });
  });
  // a link to something inside a closed tab opens that tab
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const index = sections.findIndex((section) => target && section.contains(target));
    if (index >= 0) {
      show(index);
      if (target !== sections[index]) target.scrollIntoView();
    }
  };
  bar.append(...tabs);
  box.prepend(bar);
  show(0);
  open();
  addEventListener("hashchange", open);
}

// A form says that it is at work, and is not sent twice.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button?.dataset.working) {
      button.classList.add("btn-loading");
      document.getElementById("tb-working").textContent = button.dataset.working;
    }
  });
}
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent; // back again: it may be sent again
});

// What is under way renews itself: <div data-renew="2"> is asked for again after so many seconds, until it is done.
const underWay = document.querySelector("[data-renew]");
async function renew() {
  const answer = await fetch(location.href).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-renew]");
  if (answer?.ok && !fresh) return location.reload();
  if (fresh) underWay.replaceChildren(...fresh.childNodes);
  setTimeout(renew, underWay.dataset.renew * 1000);
}
if (underWay) setTimeout(renew, underWay.dataset.renew * 1000);

// the summary of what is wrong gets the focus, so that it is read first
document.querySelector(".tb-error-summary")?.focus();
