// Preact without a build step: elements are made by functions of their names, div({ class: "x" }, "text").
const { h, render, Fragment } = window.preact;
const { useState, useEffect, useRef, useMemo, useCallback } = window.preactHooks;

const isProps = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && value.constructor === Object;

/** Functions for all elements of HTML and for components: tags.div(...), make(View)({...}). */
export const make = (type) => (...content) =>
  isProps(content[0]) ? h(type, content[0], ...content.slice(1)) : h(type, null, ...content);

export const tags = new Proxy({}, { get: (known, name) => (known[name] ??= make(name)) });

export { h, render, Fragment, useState, useEffect, useRef, useMemo, useCallback };
