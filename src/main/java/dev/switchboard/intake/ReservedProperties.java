package dev.switchboard.intake;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.jspecify.annotations.Nullable;

/**
 * Knows the properties that brokers and clients read for themselves. A sender may set them to anything, and one of another type than
 * expected makes a broker drop its consumer, or a client throw at each delivery.
 */
final class ReservedProperties {

    private static final Pattern RESERVED = Pattern.compile("_{1,2}AMQ_.*|JMS.*|NATIVE_.*");

    /** What the conversion of AMQP to JMS notes, and reads by its type. */
    private static final Pattern CONVERSION = Pattern.compile("JMS_AMQP_.*");

    /** What a CORE client notes of a large body. */
    private static final Map<String, Class<?>> LARGE =
            Map.of("_AMQ_LARGE_COMPRESSED", Boolean.class, "_AMQ_LARGE_SIZE", Long.class);

    /** Only brokers of a cluster say how a message goes between them, and only CORE clients note what is large. */
    private static final Pattern NEVER =
            Pattern.compile("_AMQ_(ROUTE_TO|ACK_ROUTE_TO|SCALEDOWN_TO|BRIDGE_DUP|LARGE_).*");

    /** All others are texts. */
    private static final Map<String, Set<Class<?>>> TYPES = Map.of(
            "_AMQ_GROUP_SEQUENCE", Set.of(Integer.class),
            "_AMQ_SCHED_DELIVERY", Set.of(Long.class),
            "_AMQ_ROUTING_TYPE", Set.of(Byte.class),
            "_AMQ_DUPL_ID", Set.of(String.class, byte[].class),
            "JMSCorrelationID", Set.of(String.class, byte[].class));

    private ReservedProperties() {}

    /** Removes those of a CORE message that are of another type than expected. */
    static void clean(Message message) {
        for (SimpleString name : List.copyOf(message.getPropertyNames())) {
            Object value = message.getObjectProperty(name);
            boolean clients = LARGE.getOrDefault(name.toString(), Void.class).isInstance(value)
                    || CONVERSION.matcher(name).matches();
            if (!clients && isOdd(name.toString(), value)) {
                message.removeProperty(name);
            }
        }
    }

    /** Returns whether a property of an AMQP message is a reserved one of another type than expected. */
    static boolean isOdd(String name, @Nullable Object value) {
        if (!RESERVED.matcher(name).matches()) {
            return false;
        }
        Class<?> type = value instanceof CharSequence ? String.class : value == null ? Void.class : value.getClass();
        return NEVER.matcher(name).matches()
                || !TYPES.getOrDefault(name, Set.of(String.class)).contains(type);
    }
}
