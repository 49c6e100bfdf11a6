package dev.switchboard.records;

import dev.switchboard.charset.Encoding;

/**
 * How a file is written, so that some of its records can be written in the same way.
 *
 * @param format how records are told apart
 * @param encoding the character set; a file in UTF-16 is read as if it were UTF-8
 * @param mark whether a byte order mark stands at the beginning
 * @param header the header of a CSV file just as it came, without its end of line; empty for the others
 * @param delimiter what stands between the cells of a CSV file
 * @param lineEnd what stands at the end of a line
 */
public record Layout(Format format, Encoding encoding, boolean mark, String header, char delimiter, String lineEnd) {}
