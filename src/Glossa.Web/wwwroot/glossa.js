// Comfort only: every page works without this file.
// What pages promise it: .query input (the search box in its form), .row h2 a (rows of a list), li[id^=p] (predicates) with a
// .pin[href="#s3"] to their words, a.span[id=s3][href="#p3"] (words) and .s3 (more of them), .pane (the source), .stages > li,
// form.theme, #facets, .copy[data-copy] or .copy[data-copy-target] (an id). It gives: .lit, .can-copy on <html>, .suggestions, .keys.
(() => {
  'use strict';
  const root = document.documentElement;
  const $ = (selector, of = document) => of.querySelector(selector);
  const $$ = (selector) => [...document.querySelectorAll(selector)];
  const on = (target, type, listener) => target.addEventListener(type, listener);
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  // Theme: in place, and told to the site, which alone can set the cookie.
  on(document, 'submit', (e) => {
    const set = e.submitter?.closest('.theme') && e.submitter.value;
    if (!set) return;
    e.preventDefault();
    root.classList.remove('light', 'dark');
    root.classList.add(set);
    $(`.to-${set === 'dark' ? 'light' : 'dark'}`)?.focus();
    fetch('/theme', { method: 'POST', body: new URLSearchParams({ set }), redirect: 'manual' }).catch(() => {});
  });

  // Suggestions: a combobox as the ARIA practices have it.
  for (const input of $$('.query input[type=search]')) {
    const list = make('ul', { className: 'suggestions', id: `${input.id}-list`, role: 'listbox', ariaLabel: 'Suggestions', hidden: true });
    let answer, active = -1, timer, asking;
    Object.assign(input, { type: 'text', role: 'combobox', ariaAutoComplete: 'list', ariaExpanded: 'false', enterKeyHint: 'search' });
    input.setAttribute('aria-controls', list.id);
    input.after(list);

    const mark = (index) => {
      active = index;
      const option = list.children[index];
      for (const one of list.children) one.ariaSelected = one === option;
      input.setAttribute('aria-activedescendant', option?.id ?? '');
      option?.scrollIntoView({ block: 'nearest' });
    };
    const close = () => {
      clearTimeout(timer);
      list.hidden = true;
      input.ariaExpanded = false;
      mark(-1);
    };
    const show = (found) => {
      answer = found;
      list.replaceChildren(...found.suggestions.map((one, i) => {
        const option = make('li', { id: `${list.id}-${i}`, role: 'option' }, make('bdi', {}, one.text),
          ...[one.kind, one.rules && `${one.rules.toLocaleString('en')} rule${one.rules > 1 ? 's' : ''}`].map((text) => make('span', { className: 'muted' }, text ?? '')));
        on(option, 'click', () => choose(i));
        return option;
      }));
      if (!found.suggestions.length) return close();
      list.hidden = false;
      input.ariaExpanded = true;
      mark(-1);
    };
    const ask = () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        asking?.abort();
        asking = new AbortController();
        const q = input.value;
        try {
          const response = await fetch(`/suggest.json?${new URLSearchParams({ q, at: input.selectionStart })}`, { signal: asking.signal });
          const found = await response.json();
          if (q === input.value && document.activeElement === input) show(found);
          // Refused or cut short: the next letter asks again.
        } catch { close(); }
      }, 90);
    };
    const choose = (index) => {
      const { insert } = answer.suggestions[index];
      const goesOn = insert.endsWith(':');
      const rest = input.value.slice(answer.start + answer.length);
      input.setRangeText(goesOn || rest.startsWith(' ') ? insert : `${insert} `, answer.start, answer.start + answer.length, 'end');
      input.focus();
      close();
      if (goesOn) ask();
    };

    on(input, 'input', ask);
    on(input, 'blur', close);
    // The box keeps the focus, also under a finger.
    on(list, 'mousedown', (e) => e.preventDefault());
    on(input, 'keydown', (e) => {
      if (e.isComposing) return;
      const count = list.hidden ? 0 : list.children.length;
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        e.preventDefault();
        if (!count) ask();
        else mark((active + (e.key === 'ArrowDown' ? 2 : count + 1)) % (count + 1) - 1);
      } else if (e.key === 'Enter' && count && active >= 0) {
        e.preventDefault();
        choose(active);
      } else if (e.key === 'Escape' && count) {
        e.preventDefault();
        close();
      }
    });
  }

  // A predicate and its words light up together.
  const pair = (link) => {
    const id = link?.hash?.slice(1);
    const twin = id && document.getElementById(id);
    return twin ? [twin, ...(id[0] === 's' ? document.getElementsByClassName(id) : [])] : [];
  };
  for (const type of ['mouseover', 'focusin', 'mouseout', 'focusout'])
    on(document, type, (e) => {
      for (const twin of pair(e.target.closest?.('.pin, .span'))) twin.classList.toggle('lit', type === 'mouseover' || type === 'focusin');
    });
  // Only the source moves, the page stays.
  on(document, 'click', (e) => {
    const pin = e.target.closest?.('.pin');
    const [words] = pair(pin);
    const pane = words?.closest('.pane');
    if (!pane || e.ctrlKey || e.metaKey || e.shiftKey || getComputedStyle(pane).position !== 'sticky') return;
    e.preventDefault();
    const y = scrollY;
    location.hash = pin.hash;
    scrollTo(0, y);
    const box = pane.scrollHeight > pane.clientHeight ? pane : words.closest('.scroll, pre') ?? pane;
    box.scrollTop += words.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2;
  });

  // Copying
  const copy = (text) => navigator.clipboard?.writeText(text).catch(() => {});
  if (navigator.clipboard) root.classList.add('can-copy');
  on(document, 'click', (e) => {
    const button = e.target.closest?.('.copy');
    if (!button) return;
    const text = button.dataset.copy ?? document.getElementById(button.dataset.copyTarget)?.textContent ?? '';
    if (button.textContent === 'Copied') return;
    const label = button.textContent;
    copy(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = label; }, 1500);
  });

  // Keys
  const stored = (value) => {
    try {
      if (value !== undefined) localStorage.setItem('keys', value);
      return localStorage.getItem('keys');
    } catch { return null; }
  };
  let isOff = stored() === 'off', last = null;
  const names = [['/', 'search'], ['j k', 'next and previous row or predicate'], ['Enter', 'open'], ['s', 'show a predicate in the source'], ['b', 'back to the predicate'], ['[ ]', 'previous and next stage'], ['f', 'filters'], ['t', 'light or dark'], ['y', 'copy this address'], ['?', 'this list']];
  const help = () => {
    let dialog = $('dialog.keys');
    if (!dialog) {
      const box = make('input', { type: 'checkbox', checked: !isOff });
      on(box, 'change', () => { isOff = !box.checked; stored(isOff ? 'off' : 'on'); });
      const rows = names.flatMap(([key, what]) => [make('dt', {}, ...key.split(' ').flatMap((one) => [make('kbd', {}, one), ' '])), make('dd', {}, what)]);
      dialog = make('dialog', { className: 'keys', ariaLabel: 'Keys' }, make('h2', {}, 'Keys'), make('dl', {}, ...rows),
        make('label', {}, box, ' Single keys do this'), make('form', { method: 'dialog' }, make('button', { className: 'button' }, 'Close')));
      document.body.append(dialog);
    }
    if (!dialog.open) dialog.showModal();
  };
  // With the keys switched off there must be a way to switch them on.
  const opener = make('button', { className: 'button' }, 'Keys');
  on(opener, 'click', help);
  $('footer')?.append(opener);

  const go = (items, step) => {
    if (!items.length) return;
    const here = document.activeElement === document.body ? last : document.activeElement;
    const now = items.findIndex((item) => item === here || (here && item.contains(here)));
    const next = items[Math.min(Math.max(now < 0 ? (step > 0 ? 0 : items.length - 1) : now + step, 0), items.length - 1)];
    const target = next.matches('li') ? $('.pin', next) ?? next : next;
    if (!target.matches('a[href], button')) target.tabIndex = -1;
    target.focus();
    last = target;
    target.scrollIntoView({ block: 'nearest' });
  };
  const rows = () => { const found = $$('.row h2 a'); return found.length ? found : $$('li[id^=p]'); };
  const predicate = () => document.activeElement.closest('li[id^=p]') ?? $('li[id^=p]:target');
  const actions = {
    '/': () => { const box = $('main .query input') ?? $('.query input'); box?.focus(); box?.select(); },
    j: () => go(rows(), 1),
    k: () => go(rows(), -1),
    s: () => $('.pin', predicate() ?? root)?.click(),
    b: () => {
      const words = document.activeElement.closest('.span') ?? $('.span:target');
      if (words) { location.hash = words.hash; $('.pin', $(words.hash))?.focus(); }
    },
    '[': () => go($$('.stages > li'), -1),
    ']': () => go($$('.stages > li'), 1),
    f: () => { if ($('#facets')) { location.hash = 'facets'; $('#facets a')?.focus(); } },
    t: () => $$('form.theme button').find((button) => button.offsetParent)?.click(),
    y: () => copy(location.href),
    '?': help,
  };
  on(document, 'keydown', (e) => {
    if (isOff || (e.ctrlKey || e.metaKey || e.altKey) && !e.getModifierState('AltGraph') || e.defaultPrevented || e.isComposing || e.repeat && !'jk'.includes(e.key)) return;
    if (e.target.closest?.('input, textarea, select, dialog, [contenteditable]') || !Object.hasOwn(actions, e.key)) return;
    e.preventDefault();
    actions[e.key]();
  });
})();
