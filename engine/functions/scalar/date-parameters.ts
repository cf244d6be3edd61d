import {param} from '../define.ts';

/** A parameter that takes whatever names an instant. */
export const time = param('t', 'datetime', 'A datetime, milliseconds since 1970, or a text such as `2006-01-02 15:04:05`.');
