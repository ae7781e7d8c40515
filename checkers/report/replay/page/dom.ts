/** Makes elements of plain text only, so that a learner's program cannot inject HTML. */

type Child = Node | string | undefined | false;

/** Makes an element. */
export function h(name: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(name: string, attributes: Record<string, string>, ...children: Element[]): Element {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** An element of the page's frame. */
export function at(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/** The element with a CSS variable set: style attributes are not allowed on this page. */
export function withVariable<T extends HTMLElement>(element: T, name: string, value: string): T {
  element.style.setProperty(name, value);
  return element;
}
