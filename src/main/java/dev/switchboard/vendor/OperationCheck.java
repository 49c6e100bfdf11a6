package dev.switchboard.vendor;

import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import java.util.Map;

/**
 * A check of one operation's messages that a schema cannot express. Named by {@code check} in the vendor's
 * {@code vendor.yaml}; has a constructor without parameters.
 */
@FunctionalInterface
public interface OperationCheck {

    /**
     * Checks a message that keeps to its schema.
     *
     * @param settings of the message's account
     * @throws Refused (422) naming what is wrong
     */
    void check(Message message, Map<String, String> settings);

    /**
     * Makes the check of an operation.
     *
     * @throws IllegalArgumentException when its class is not a check
     */
    static OperationCheck of(Vendor.Operation operation) {
        String name = operation.check();
        if (name == null) {
            return (message, settings) -> {};
        }
        try {
            return Class.forName(name, true, Thread.currentThread().getContextClassLoader())
                    .asSubclass(OperationCheck.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException("vendor.yaml: check: " + name + " is not a known check", e);
        }
    }
}
