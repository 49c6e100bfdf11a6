package dev.switchboard.batch;

import java.nio.file.Path;

/**
 * A file that is being uploaded.
 *
 * @param name the name that it is to have
 * @param profile the profile that it is read by, or nothing
 * @param file where it is written to
 */
record Upload(String name, String profile, Path file) {}
