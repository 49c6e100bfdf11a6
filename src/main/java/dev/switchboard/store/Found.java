package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A message of a list.
 *
 * @param seq its number, to go on after
 * @param view the message view without attempts and result
 */
public record Found(long seq, ObjectNode view) {}
