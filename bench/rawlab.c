/* The limit of a lab's kernel part: the same namespaces, cables and addresses by raw netlink from C.
 *
 * rawlab N builds N hosts on one bridge and takes them down again; prints {"build": s, "release": s}.
 * One thread, 64 requests per send; the second figure ends when the kernel says the devices are gone.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, BRIDGE = 2, FIRST_PORT = 3, GROUP = 7 };

static char buffer[1 << 16];
static size_t used;
static int waiting; /* requests in the buffer */

static void die(const char *what) {
    fprintf(stderr, "rawlab: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static struct nlmsghdr *begin(int type, int flags) {
    struct nlmsghdr *header = (void *)(buffer + used);
    memset(header, 0, sizeof *header);
    header->nlmsg_type = type;
    header->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    used += NLMSG_HDRLEN;
    return header;
}

static void *append(const void *data, size_t size) {
    char *place = buffer + used;
    memset(place, 0, NLMSG_ALIGN(size));
    if (data) memcpy(place, data, size);
    used += NLMSG_ALIGN(size);
    return place;
}

static struct rtattr *attribute(int type, const void *data, size_t size) {
    struct rtattr head = {.rta_len = RTA_LENGTH(size), .rta_type = type};
    struct rtattr *place = append(&head, sizeof head);
    if (size) append(data, size);
    return place;
}

static void close_nest(struct rtattr *nest) { nest->rta_len = buffer + used - (char *)nest; }

static void number(int type, unsigned value) { attribute(type, &value, sizeof value); }

static void text(int type, const char *value) { attribute(type, value, strlen(value) + 1); }

static void finish(struct nlmsghdr *header) {
    header->nlmsg_len = buffer + used - (char *)header;
    waiting++;
}

/* Send what is in the buffer and read an answer for each request. */
static void flush(int netlink) {
    if (!waiting) return;
    if (send(netlink, buffer, used, 0) != (ssize_t)used) die("send");
    while (waiting) {
        char answers[1 << 15];
        ssize_t size = recv(netlink, answers, sizeof answers, 0);
        if (size < 0) die("recv");
        struct nlmsghdr *header = (void *)answers;
        for (; NLMSG_OK(header, (unsigned)size); header = NLMSG_NEXT(header, size)) {
            if (header->nlmsg_type != NLMSG_ERROR) continue;
            struct nlmsgerr *answer = NLMSG_DATA(header);
            waiting--;
            if (answer->error) errno = -answer->error, die("the kernel refused");
        }
    }
    used = 0;
}

static void flush_when_full(int netlink) {
    if (waiting == BATCH) flush(netlink);
}

static int open_netlink(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int small_answers = 1;
    if (fd < 0) die("socket");
    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &small_answers, sizeof small_answers);
    return fd;
}

static int new_namespace(void) {
    if (unshare(CLONE_NEWNET)) die("unshare");
    int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (fd < 0) die("open namespace");
    return fd;
}

static void write_setting(const char *path, const char *value) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    if (write(fd, value, 1) != 1) die(path);
    close(fd);
}

/* No link-local IPv6 addresses: their chatter on a switch costs N * N. */
static void silence_host(void) {
    write_setting("/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1");
}

/* The devices of the core carry frames for others and need no IPv6 of their own. */
static void silence_core(void) {
    write_setting("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    write_setting("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
}

static void put_link_up(int index) {
    struct nlmsghdr *header = begin(RTM_NEWLINK, 0);
    struct ifinfomsg link = {.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    append(&link, sizeof link);
    finish(header);
}

static void put_address(int index, unsigned host) {
    struct nlmsghdr *header = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    struct ifaddrmsg message = {.ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = index};
    in_addr_t address = htonl((10u << 24) + host);
    append(&message, sizeof message);
    attribute(IFA_LOCAL, &address, sizeof address);
    attribute(IFA_ADDRESS, &address, sizeof address);
    finish(header);
}

static void put_bridge(void) {
    struct nlmsghdr *header = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    struct ifinfomsg link = {.ifi_index = BRIDGE, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    append(&link, sizeof link);
    text(IFLA_IFNAME, "br0");
    struct rtattr *info = attribute(IFLA_LINKINFO, 0, 0);
    text(IFLA_INFO_KIND, "bridge");
    close_nest(info);
    finish(header);
}

/* One request makes the cable: our end in the bridge and up, the other end in its host. */
static void put_cable(int i, int host) {
    char port[IFNAMSIZ];
    snprintf(port, sizeof port, "p%d", i);
    struct nlmsghdr *header = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    struct ifinfomsg link = {
        .ifi_index = FIRST_PORT + i, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    append(&link, sizeof link);
    text(IFLA_IFNAME, port);
    number(IFLA_GROUP, GROUP);
    number(IFLA_MASTER, BRIDGE);
    struct rtattr *info = attribute(IFLA_LINKINFO, 0, 0);
    text(IFLA_INFO_KIND, "veth");
    struct rtattr *data = attribute(IFLA_INFO_DATA, 0, 0);
    struct rtattr *peer = attribute(VETH_INFO_PEER, 0, 0);
    struct ifinfomsg far = {.ifi_index = 2};
    append(&far, sizeof far);
    text(IFLA_IFNAME, "eth0");
    number(IFLA_NET_NS_FD, host);
    close_nest(peer);
    close_nest(data);
    close_nest(info);
    finish(header);
}

static void put_removal_of_all_ports(void) {
    struct nlmsghdr *header = begin(RTM_DELLINK, 0);
    struct ifinfomsg link = {0};
    append(&link, sizeof link);
    number(IFLA_GROUP, GROUP);
    finish(header);
}

static void build(int hosts, int core, int netlink, int *spaces, int *sockets) {
    put_bridge();
    flush(netlink);
    for (int i = 0; i < hosts; i++) {
        spaces[i] = new_namespace();
        sockets[i] = open_netlink();
        silence_host();
        put_link_up(1);
        flush(sockets[i]);
    }
    if (setns(core, CLONE_NEWNET)) die("setns");
    for (int i = 0; i < hosts; i++) {
        put_cable(i, spaces[i]);
        flush_when_full(netlink);
    }
    flush(netlink);
    for (int i = 0; i < hosts; i++) {
        put_address(2, i + 1);
        put_link_up(2);
        flush(sockets[i]);
    }
}

static void take_down(int hosts, int netlink, int *spaces, int *sockets) {
    put_removal_of_all_ports();
    flush(netlink);
    for (int i = 0; i < hosts; i++) {
        close(sockets[i]);
        close(spaces[i]);
    }
}

int main(int count, char **arguments) {
    int hosts = count == 2 ? atoi(arguments[1]) : 0;
    if (hosts < 1) return fprintf(stderr, "usage: rawlab HOSTS\n"), 2;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int *spaces = calloc(hosts, sizeof *spaces), *sockets = calloc(hosts, sizeof *sockets);
    int core = new_namespace();
    int netlink = open_netlink();
    silence_core();

    double began = now();
    build(hosts, core, netlink, spaces, sockets);
    double built = now();
    take_down(hosts, netlink, spaces, sockets);
    double gone = now();
    printf("{\"build\": %.6f, \"release\": %.6f}\n", built - began, gone - built);
    return 0;
}
