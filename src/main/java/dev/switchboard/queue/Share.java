package dev.switchboard.queue;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a lane may claim of one api.
 *
 * @param api the api
 * @param most how many messages
 * @param probe says of an operation whether it may be repeated, where the one message is to probe an api that has failed;
 *     else null
 */
public record Share(String api, int most, @Nullable Predicate<String> probe) {}
