package dev.switchboard.vendor;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How an api's access tokens are fetched (RFC 6749): by the client's credentials, or by a refresh token where one is named.
 *
 * @param token the setting with the address that gives tokens
 * @param client the setting with the client's id
 * @param secret the setting with the client's secret
 * @param refresh the setting with a refresh token
 * @param login {@code header} (HTTP Basic) or {@code body}: where the client's id and secret are sent
 * @param parameters what else is sent, such as {@code scope}; a value in braces is that of a setting
 */
public record OAuth(
        String token,
        String client,
        String secret,
        @Nullable String refresh,
        String login,
        Map<String, String> parameters) {

    /** By default the login is a header. */
    public OAuth {
        login = login == null ? "header" : login;
        parameters = parameters == null ? Map.of() : parameters;
    }

    /** Returns whether the client logs in by parameters of the body. */
    public boolean inBody() {
        return login.equals("body");
    }

    /** Returns the parameters of a request for a token, without the login. */
    public Map<String, String> form(Settings settings) {
        var form = new TreeMap<String, String>();
        parameters.forEach((name, value) -> form.put(name, Templates.filled(value, settings::get)));
        form.put("grant_type", refresh == null ? "client_credentials" : "refresh_token");
        if (refresh != null) {
            form.put("refresh_token", settings.get(refresh));
        }
        return form;
    }

    void check(String file, Map<String, Vendor.Setting> settings) {
        Stream.of(token, client, secret, refresh == null ? token : refresh).forEach(name -> {
            if (name == null || !settings.containsKey(name)) {
                throw new IllegalArgumentException(
                        file + ": oauth: token, client, secret and refresh each name a setting, and " + name
                                + " is not one");
            }
        });
        if (!login.equals("header") && !inBody()) {
            throw new IllegalArgumentException(file + ": oauth: login is header or body");
        }
    }
}
