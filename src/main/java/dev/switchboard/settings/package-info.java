/** Which settings there are, who sets them, and how their values are written. */
package dev.switchboard.settings;
