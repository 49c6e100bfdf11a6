package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.security.Caller;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Shows what a caller may send, as the vendors' folders describe it. */
@Singleton
@Named("operationList")
final class OperationList {

    private final Vendors vendors;

    OperationList(Vendors vendors) {
        this.vendors = vendors;
    }

    /**
     * Lists the operations of vendors with an account that the caller's key is for:
     * {@code {"operations":[{"vendor","operation","description","accounts":[…],"message":{…}}]}}; {@code message} is the JSON
     * schema of its own fields.
     */
    public ObjectNode list(@ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        ObjectNode all = Json.object();
        ArrayNode list = all.putArray("operations");
        List<Account> accounts = vendors.accounts().stream()
                .filter(account -> caller == null || caller.isFor(account.lane()))
                .toList();
        accounts.stream()
                .map(Account::vendor)
                .distinct()
                .forEach(vendor -> vendor.operations().forEach((name, operation) -> {
                    ObjectNode described = describe(vendor, name, operation, accounts);
                    if (!operation.inbound() && !described.path("accounts").isEmpty()) {
                        list.add(described);
                    }
                }));
        return all;
    }

    private static ObjectNode describe(Vendor vendor, String name, Vendor.Operation operation, List<Account> accounts) {
        ObjectNode described = Json.object()
                .put("vendor", vendor.name())
                .put("operation", name)
                .put("description", operation.description());
        ArrayNode names = described.putArray("accounts");
        accounts.stream()
                .filter(account ->
                        account.vendor().equals(vendor) && account.apis().contains(operation.api()))
                .forEach(account -> names.add(account.name()));
        described.set("message", operation.message());
        return described;
    }
}
