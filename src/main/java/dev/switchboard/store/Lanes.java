package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes and reads what of a lane has to outlive a restart. */
final class Lanes {

    private Lanes() {}

    /** Writes, and changes nothing. */
    static int touch(Handle handle) {
        return handle.createUpdate("insert into lane (name) values ('') on conflict (name) do update set epoch = 0")
                .execute();
    }

    static int pause(Handle handle, String lane, @Nullable Pause pause) {
        return handle.createUpdate("insert into lane (name, paused, until) values (:name, :reason, :until)"
                        + " on conflict (name) do update set paused = excluded.paused, until = excluded.until")
                .bind("name", lane)
                .bind("reason", pause == null ? null : pause.reason())
                .bind("until", pause == null ? null : pause.until())
                .execute();
    }

    static Optional<Pause> paused(Handle handle, String lane) {
        return handle.createQuery("select paused, until from lane where name = :name and paused is not null")
                .bind("name", lane)
                .map((row, context) -> {
                    long until = row.getLong(2);
                    Long time = row.wasNull() ? null : until;
                    return new Pause(row.getString(1), time);
                })
                .findOne()
                .filter(pause -> !pause.isOver());
    }

    static int stopCircuit(
            Transaction transaction,
            String lane,
            String api,
            @Nullable String why,
            Map<String, String> settings,
            ObjectNode event) {
        Events.publish(transaction, lane + "/" + api, event);
        Handle handle = transaction.handle();
        int gone = handle.createUpdate("delete from stopped_circuit where lane = :lane and api = :api")
                .bind("lane", lane)
                .bind("api", api)
                .execute();
        if (why == null) {
            return gone;
        }
        return handle.createUpdate(
                        "insert into stopped_circuit (lane, api, why, settings) values (:lane, :api, :why, :settings)")
                .bind("lane", lane)
                .bind("api", api)
                .bind("why", why)
                .bind("settings", hash(UUID.randomUUID().toString(), settings))
                .execute();
    }

    static Optional<String> stoppedCircuit(Handle handle, String lane, String api, Map<String, String> settings) {
        return handle.createQuery("select why, settings from stopped_circuit where lane = :lane and api = :api")
                .bind("lane", lane)
                .bind("api", api)
                .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
                .findOne()
                .filter(stopped -> stopped.getValue().equals(hash(salt(stopped.getValue()), settings)))
                .map(Map.Entry::getKey);
    }

    private static String salt(String hash) {
        return hash.substring(0, hash.indexOf('.'));
    }

    private static String hash(String salt, Map<String, String> settings) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt.getBytes(StandardCharsets.UTF_8));
            digest.update(new TreeMap<>(settings).toString().getBytes(StandardCharsets.UTF_8));
            return salt + "." + HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
