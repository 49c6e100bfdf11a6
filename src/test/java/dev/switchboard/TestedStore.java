package dev.switchboard;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * The database of one bus, which a test can read while the bus runs.
 *
 * @param url its address
 * @param login user and password, if it needs them
 */
public record TestedStore(String url, Map<String, String> login) {

    /** Returns the settings of a bus that uses it. */
    public Map<String, String> settings() {
        var settings = new java.util.HashMap<String, String>();
        settings.put("switchboard.store.url", url);
        login.forEach((name, value) -> settings.put("switchboard.store." + name, value));
        return settings;
    }

    /** Connects to it, independently of the bus. */
    public Connection connect() throws SQLException {
        var properties = new Properties();
        login.forEach((name, value) -> properties.put(name.equals("username") ? "user" : name, value));
        if (url.startsWith("jdbc:sqlite:")) {
            properties.put("busy_timeout", "10000");
        }
        return DriverManager.getConnection(url, properties);
    }
}
