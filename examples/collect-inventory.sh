#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# collect-inventory.sh FOLDER [REGION...]: save what AWS says there is, for flowenrich -i FOLDER.
#
# Asks with the AWS CLI, as whom it is set up for (AWS_PROFILE), in all regions the account has
# enabled if none is named. All calls only read: ec2:Describe*, tag:GetResources. Run it again
# whenever you like, best by the hour: each answer is a file of its own, with the time it was
# given, and the more of them there are, the surer is who held an address when.
set -u
export AWS_PAGER=''

folder=${1:?usage: collect-inventory.sh FOLDER [REGION...]}
shift
failed=0

say()
{
    echo "collect-inventory: $*" >&2
}

# The time goes into the answer where AWS's own libraries have it: the CLI leaves it out, and that
# of the file is lost with the first copy.
with_time()
{
    sed "1s/^{/{\"ResponseMetadata\": {\"HTTPHeaders\": {\"date\": \"$1\"}},/"
}

# save REGION SERVICE CALL: ask once; what fails is said, and leaves no file.
save()
{
    time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
    file=$folder/$account/$1/$3.$(echo "$time" | tr -d ':-').json

    if aws "$2" "$3" --region "$1" --output json >"$file.part" &&
        with_time "$time" <"$file.part" >"$file.dated"; then
        mv "$file.dated" "$file"
    else
        say "$account, $1: $3 failed"
        failed=1
    fi
    rm -f "$file.part" "$file.dated"
}

account=$(aws sts get-caller-identity --query Account --output text) || {
    say "AWS doesn't say who is asking: log in, or set AWS_PROFILE"
    exit 1
}
# shellcheck disable=SC2046 # a list of words
[ $# -gt 0 ] || set -- $(aws ec2 describe-regions --query 'Regions[].RegionName' --output text)
[ $# -gt 0 ] || {
    say "AWS doesn't say which regions there are: name them"
    exit 1
}

for region in "$@"; do
    say "$account, $region"
    mkdir -p "$folder/$account/$region" || exit 1
    for call in network-interfaces instances subnets vpcs vpc-endpoints nat-gateways addresses \
        vpc-peering-connections transit-gateway-attachments flow-logs; do
        save "$region" ec2 "describe-$call"
    done
    save "$region" resourcegroupstaggingapi get-resources
done

# Whose the public addresses of AWS's own services are; it has its date in it.
curl -fsS -o "$folder/ip-ranges.json" https://ip-ranges.amazonaws.com/ip-ranges.json || {
    say "ip-ranges.json failed"
    failed=1
}
exit $failed
