/** Requests as somebody sends them who means no good. */
package dev.switchboard.hostile;
