package dev.switchboard.console;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** The files that the pages load, all from the program itself. */
final class Assets implements Handler<RoutingContext> {

    private record Asset(String type, String tag, Buffer bytes) {

        static Asset of(String type, String resource) {
            byte[] bytes = read(resource);
            return new Asset(type, '"' + Integer.toHexString(Arrays.hashCode(bytes)) + '"', Buffer.buffer(bytes));
        }
    }

    private final Map<String, Asset> all = Map.of(
            "console.js", Asset.of("text/javascript; charset=utf-8", "/console/console.js"),
            "console.css", Asset.of("text/css; charset=utf-8", "/console/console.css"),
            "icon.svg", Asset.of("image/svg+xml", "/console/icon.svg"),
            "htmx.js", Asset.of("text/javascript; charset=utf-8", webJar("htmx.org", "dist/htmx.min.js")),
            "charts.js", Asset.of("text/javascript; charset=utf-8", "/console/charts.js"),
            "chart.js", Asset.of("text/javascript; charset=utf-8", webJar("chart.js", "dist/chart.umd.min.js")));

    private static byte[] read(String resource) {
        try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A WebJar keeps its files under its version, which its own properties name. */
    private static String webJar(String name, String file) {
        var about = new Properties();
        String place = "/META-INF/maven/org.webjars.npm/" + name + "/pom.properties";
        try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream(place), place)) {
            about.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/" + name + "/" + about.getProperty("version") + "/" + file;
    }

    @Override
    public void handle(RoutingContext http) {
        Asset asset = all.get(http.pathParam("name"));
        if (asset == null) {
            http.next();
            return;
        }
        http.response().putHeader("ETag", asset.tag()).putHeader("Cache-Control", "no-cache");
        if (asset.tag().equals(http.request().getHeader("If-None-Match"))) {
            http.response().setStatusCode(304).end();
        } else {
            http.response().putHeader("Content-Type", asset.type()).end(asset.bytes());
        }
    }
}
