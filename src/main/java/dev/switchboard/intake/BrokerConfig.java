package dev.switchboard.intake;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** The broker whose queues messages come in by, and go out by. */
@ConfigMapping(prefix = "switchboard.broker")
public interface BrokerConfig {

    /** {@code embedded}, an address ({@code tcp://} for Artemis, {@code amqp://} or {@code amqps://} for any AMQP 1.0 broker), or {@code none}. */
    @WithDefault("embedded")
    String url();

    /** The address that the embedded broker listens on; one that other machines can reach only with a login. */
    @WithDefault("127.0.0.1")
    String host();

    /** Where the embedded broker listens; 0 takes a free port. */
    @WithDefault("61616")
    int port();

    /** Who may log in; the embedded broker asks for no login until it is set. */
    Optional<String> username();

    /** The login's password. */
    Optional<String> password();

    /** How many consumers take from {@code switchboard.messages}; more than one keep order only by {@code JMSXGroupID}. */
    @WithDefault("1")
    int consumers();

    /** How long the embedded broker keeps dead letters and what is no message, such as {@code 7d}. */
    @WithDefault("7d")
    String expire();
}
