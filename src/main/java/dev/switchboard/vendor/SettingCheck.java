package dev.switchboard.vendor;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Base64;

/** Checks a setting's value by what {@code vendor.yaml} says of it. No text that is thrown holds the value of a secret. */
final class SettingCheck {

    private SettingCheck() {}

    static void check(String path, Vendor.Setting setting, String value) {
        if (!setting.values().isEmpty() && !setting.values().contains(value)) {
            throw new IllegalArgumentException(path + ": must be one of " + setting.values());
        }
        String pattern = setting.pattern();
        if (pattern != null && !value.matches(pattern)) {
            throw new IllegalArgumentException(path + ": must match " + pattern);
        }
        String type = setting.type() == null ? "text" : setting.type();
        switch (type) {
            case "url" -> checkUrl(path, value);
            case "zone" -> checkZone(path, value);
            case "base64" -> checkBase64(path, setting, value);
            case "webhook-secret" -> WebhookSignature.key(value, path);
            default -> checkText(path, value);
        }
    }

    private static void checkText(String path, String value) {
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(path + ": holds a control character");
        }
    }

    private static void checkUrl(String path, String value) {
        URI url = uri(path, value);
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException(path + ": must be an address such as https://host/path");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(path + ": must be an address without user, query and fragment");
        }
    }

    private static URI uri(String path, String value) {
        try {
            return new URI(value);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path + ": is not an address: " + e.getReason(), e);
        }
    }

    private static void checkZone(String path, String value) {
        try {
            ZoneId.of(value);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(path + ": is not a time zone such as Asia/Seoul", e);
        }
    }

    private static void checkBase64(String path, Vendor.Setting setting, String value) {
        int length;
        try {
            length = Base64.getDecoder().decode(value).length;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": is not Base64", e);
        }
        if (!setting.bytes().contains(length)) {
            throw new IllegalArgumentException(
                    path + ": holds " + length + " bytes, must be one of " + setting.bytes());
        }
    }
}
